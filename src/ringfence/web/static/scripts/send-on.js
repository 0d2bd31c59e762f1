// Sends a form on by itself that somebody would otherwise send with its button (single_sign_on/send_on.html).
document.querySelector("form[data-send-on]")?.requestSubmit();
