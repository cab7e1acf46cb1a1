// The address that an author sends carries the token behind "#". It is taken out
// of the address, where the history would keep it, and sent in the form.
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  const form = document.getElementById("preview");
  form.elements.token.value = token;
  form.submit();
}
