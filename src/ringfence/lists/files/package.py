"""How the parts of an Office package (XLSX, XLSB) refer to one another (ECMA-376, part 2)."""

import posixpath

from .archive import Archive


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to, "" for the package: type and path by identifier."""
    folder, name = posixpath.split(part)
    file = posixpath.join(folder, "_rels", f"{name}.rels")
    if file not in archive:
        return {}
    return {
        each["Id"]: (each["Type"], posixpath.normpath(posixpath.join("/", folder, each["Target"])))
        for name, each in archive.elements(file)
        if name == "Relationship"
    }


def main_part(archive: Archive, otherwise: str) -> str:
    """The part that the package says is its workbook."""
    for kind, target in relations(archive, "").values():
        if kind.endswith("/officeDocument"):
            return target
    return otherwise
