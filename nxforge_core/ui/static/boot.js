// Before anything is painted: the theme the reader chose.
try {
  const theme = localStorage.getItem("nx-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused; then the system's theme is as good.
}
