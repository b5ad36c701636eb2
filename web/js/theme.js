// Before the first paint, and no module for that reason: the theme chosen here before, else the system's.
(() => {
  const chosen = localStorage.getItem("lynceus.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
