// Runs before the first paint, so that the chosen theme does not flash: light, dark, or the system's.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('caravan.theme');
  } catch {
    // storage may be forbidden; the system's theme is fine
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();
