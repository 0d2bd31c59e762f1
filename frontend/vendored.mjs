// Writes VENDORED.toml: version, licence and SHA-256 of each vendored file and of each source it is built from.
// A test compares the list with the files, so that neither can change without the other.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2];
const locked = JSON.parse(readFileSync(join(root, "frontend/package-lock.json"), "utf8")).packages;
const vendor = "src/ringfence/web/static/vendor";

const files = [
  [`${vendor}/ringfence.css`, "govuk-frontend", "MIT AND Apache-2.0"],
  [`${vendor}/govuk-frontend.min.js`, "govuk-frontend", "MIT"],
  [`${vendor}/govuk-frontend.LICENSE.txt`, "govuk-frontend", "MIT"],
  ["tests/support/vendor/axe.min.js", "axe-core", "MPL-2.0"],
  ["tests/support/vendor/axe.LICENSE.txt", "axe-core", "MPL-2.0"],
];
const sources = readdirSync(join(root, "frontend"), { recursive: true })
  .filter((path) => !path.startsWith("node_modules") && /\.(scss|sh|mjs|json|txt)$/.test(path))
  .sort()
  .map((path) => `frontend/${path}`);

const digest = (path) => createHash("sha256").update(readFileSync(join(root, path))).digest("hex");
const version = (name) => locked[`node_modules/${name}`].version;

const lines = ["# Written by frontend/build.sh (make css); not to be edited by hand.", ""];
for (const [path, name, licence] of files) {
  lines.push(
    "[[file]]",
    `path = "${path}"`,
    `package = "${name}"`,
    `version = "${version(name)}"`,
    `licence = "${licence}"`,
    `sha256 = "${digest(path)}"`,
    "",
  );
}
for (const path of sources) {
  lines.push("[[source]]", `path = "${path}"`, `sha256 = "${digest(path)}"`, "");
}
writeFileSync(join(root, vendor, "VENDORED.toml"), lines.join("\n"));
