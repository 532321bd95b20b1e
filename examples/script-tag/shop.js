// The shop's own little script: it knows nothing of the chat.
const basket = document.querySelector('[data-basket]');
let count = 0;

for (const button of document.querySelectorAll('.tea button')) {
  button.addEventListener('click', () => {
    count += 1;
    basket.textContent = `Basket (${count})`;
    basket.hidden = false;
  });
}
