// The human check without leaving the page, so that typed passwords stay. Without this file the same buttons are submits.
const read = async (address) => {
  const answer = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
};

// A worker of its own, so that the page stays alive while the browser computes.
const solve = (address, challenge) => new Promise((resolve, reject) => {
  const worker = new Worker(address);
  const end = (result) => { worker.terminate(); result ? resolve(result) : reject(new Error('no solution')); };
  worker.onmessage = ({ data }) => end(data);
  worker.onerror = () => end();
  worker.postMessage(challenge.parameters);
});

for (const box of document.querySelectorAll('[data-captcha]')) {
  const [picture, sound, status] = ['img', 'audio', 'output'].map((part) => box.querySelector(part));
  const [renew, listen, work] = ['new', 'audio', 'work'].map((name) => box.querySelector(`[name=captcha_${name}]`));
  const [id, proof] = ['id', 'proof'].map((name) => box.querySelector(`[name=captcha_${name}]`));
  const [hint, text] = ['.hint', 'input.input'].map((part) => box.parentElement.querySelector(part));
  const say = (word) => { status.textContent = status.dataset[word]; status.className = `status${word === 'verified' ? ' ok' : ''}`; };

  // A press that fails here is sent to the server after all, like the press of somebody without JavaScript.
  const instead = (button, act) => {
    const press = async (event) => {
      event.preventDefault();
      try { await act(); } catch { button.removeEventListener('click', press); button.click(); }
    };
    button.addEventListener('click', press);
  };

  instead(renew, async () => {
    const fresh = await read(box.dataset.renew);
    id.value = fresh.id; picture.src = fresh.picture; sound.src = fresh.audio;
    sound.hidden = true; text.value = '';
    say('renewed');
    text.focus();
  });

  instead(listen, async () => { sound.hidden = false; sound.focus(); });

  work.addEventListener('click', async (event) => {
    event.preventDefault();
    work.disabled = true;
    say('working');
    try {
      const challenge = await read(box.dataset.challenge);
      proof.value = btoa(JSON.stringify({ challenge, solution: await solve(box.dataset.worker, challenge) }));
      for (const part of [picture, sound, work.parentElement, hint, text]) part.hidden = true;
      say('verified');
      status.tabIndex = -1;
      status.focus();
    } catch {
      work.disabled = false;
      say('failed');
    }
  });
}
