// Has the browser make or use a passkey, and sends its answer with the form. Everything else is the server's.
const form = document.querySelector("form[data-passkey]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

async function made(options) {
  const found = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });
  return answer(found, {
    attestationObject: text(found.response.attestationObject),
    clientDataJSON: text(found.response.clientDataJSON),
  });
}

async function used(options) {
  const found = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  return answer(found, {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function answer(found, response) {
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    response,
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: found.getClientExtensionResults(),
  };
}

// What is needed stands in the page, or is asked for once it is wanted.
async function asked() {
  if (!("asks" in form.dataset)) return JSON.parse(form.dataset.options);
  const sent = new URLSearchParams(new FormData(form));
  sent.set("go", "ask");
  const response = await fetch(form.action, { method: "POST", body: sent });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

if (form && window.PublicKeyCredential) {
  const fault = form.querySelector("[data-passkey-fault]");
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    button.disabled = true;
    try {
      const options = (await asked()).publicKey;
      const found = await (form.dataset.passkey === "add" ? made(options) : used(options));
      form.querySelector("[data-passkey-answer]").value = JSON.stringify(found);
      form.submit();
    } catch {
      fault.hidden = false;
      button.disabled = false;
    }
  });
}
