// What is typed is handed to the page after a pause, not only when the field is left: so forms keep
// it and checks speak as one types. Streamlit takes Ctrl+Enter in a text area and Enter in a line of
// text as "commit this", the same as leaving the field; inside its forms they would send the form.
"use strict";

(() => {
  const PAUSE = 1000; // milliseconds
  const FIELDS = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';
  const FORM = '[data-testid="stForm"]';
  let waiting = null;
  let unsaid = null;

  function commit() {
    clearTimeout(waiting);
    const field = unsaid;
    unsaid = null;
    if (!field || !field.isConnected) {
      return;
    }
    const enter = { key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, cancelable: true };
    const withControl = field instanceof HTMLTextAreaElement;
    field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, ctrlKey: withControl }));
    if (!withControl) {
      field.dispatchEvent(new KeyboardEvent("keypress", enter));
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !field.matches(FIELDS) || field.closest(FORM)) {
      return;
    }
    if (unsaid && unsaid !== field) {
      commit();
    }
    unsaid = field;
    clearTimeout(waiting);
    waiting = setTimeout(commit, PAUSE);
  });
  document.addEventListener("focusout", () => clearTimeout(waiting));
  window.addEventListener("pagehide", commit);
  window.addEventListener("beforeunload", commit);
})();
