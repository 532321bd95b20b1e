// A button of the page's own that opens the chat.
document.querySelector('[data-talk]').addEventListener('click', () => document.querySelector('co-talk').open?.());
