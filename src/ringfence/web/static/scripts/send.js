// Says of a file that is too large so before it is sent.
const form = document.getElementById("send");
const field = form.elements.file;

field.addEventListener("change", () => {
  const [file] = field.files;
  field.setCustomValidity(file && file.size > Number(form.dataset.most) ? form.dataset.tooLarge : "");
});

form.addEventListener("submit", (event) => {
  if (!field.checkValidity()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    field.reportValidity();
  }
});
