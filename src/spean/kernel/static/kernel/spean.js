// Starts the components that get better with JavaScript. Every page works without it.
const library = document.getElementById("govuk-frontend");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
const { initAll } = await import(library.href);
initAll();
// What htmx brings in is started as well.
document.body.addEventListener("htmx:afterSettle", (event) => initAll({ scope: event.target }));
