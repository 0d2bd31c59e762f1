// Says of a file that is too large so before it is sent, as the page that comes back would: a summary on top that
// leads to the field, and the same above the field.
const form = document.getElementById("send");
const field = form.elements.file;
const group = field.closest(".govuk-form-group");
const title = document.title;
const { tooLarge, problem, error } = form.dataset;

const made = (name, classes, ...inside) => {
  const element = document.createElement(name);
  element.className = classes;
  element.append(...inside);
  return element;
};

const forget = () => {
  document.title = title.replace(`${error} `, "");
  document.querySelector(".govuk-error-summary")?.remove();
  group.querySelector(".govuk-error-message")?.remove();
  group.classList.remove("govuk-form-group--error");
  field.classList.remove("govuk-file-upload--error");
  field.removeAttribute("aria-describedby");
};

const tell = () => {
  document.title = `${error} ${document.title}`;
  const message = made("p", "govuk-error-message", made("span", "govuk-visually-hidden", `${error} `), tooLarge);
  message.id = `${field.id}-error`;
  group.classList.add("govuk-form-group--error");
  field.classList.add("govuk-file-upload--error");
  field.setAttribute("aria-describedby", message.id);
  field.before(message);
  const link = made("a", "", tooLarge);
  link.href = `#${field.id}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    field.focus();
  });
  const list = made("ul", "govuk-list govuk-error-summary__list", made("li", "", link));
  const alert = made("div", "", made("h2", "govuk-error-summary__title", problem), made("div", "govuk-error-summary__body", list));
  alert.setAttribute("role", "alert");
  const summary = made("div", "govuk-error-summary", alert);
  summary.tabIndex = -1;
  document.getElementById("main-content").prepend(summary);
  summary.focus();
};

form.addEventListener("submit", (event) => {
  const [file] = field.files;
  if (file && file.size > Number(form.dataset.most)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    forget();
    tell();
  }
});
