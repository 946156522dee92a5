// Passkeys: a button with data-passkey='create' or 'get' asks the browser, then sends the form it stands in.
// data-options holds the server's challenge; without it the challenge is fetched from data-from.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const listed = (credentials) => (credentials ?? []).map((c) => ({ ...c, id: bytes(c.id) }));

function asked(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) {
    key.user = { ...key.user, id: bytes(key.user.id) };
    key.excludeCredentials = listed(key.excludeCredentials);
    // Kept by the device, so that it can also open the account without e-mail and password.
    key.authenticatorSelection = { ...key.authenticatorSelection, residentKey: 'preferred' };
  } else {
    key.allowCredentials = listed(key.allowCredentials);
  }
  return { publicKey: key };
}

function answer(credential) {
  const given = credential.response;
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((part) => given[part]).map((part) => [part, text(given[part])])),
  });
}

async function challenge(button) {
  if (button.dataset.options) return JSON.parse(button.dataset.options);
  const reply = await fetch(button.dataset.from, { headers: { Accept: 'application/json' } });
  if (!reply.ok) throw new Error('no challenge');
  return (await reply.json()).request_options;
}

async function press(event) {
  event.preventDefault(); // the form is sent below, when the browser has answered
  const button = event.currentTarget;
  const problem = document.getElementById(button.dataset.problem);
  problem.hidden = true;
  try {
    const options = asked(await challenge(button));
    const credential = await navigator.credentials[button.dataset.passkey](options);
    button.form.elements.credential.value = answer(credential);
    button.form.submit();
  } catch {
    problem.hidden = false; // refused, cancelled or timed out: the browsers do not tell them apart
  }
}

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll('[data-passkey]')) {
    for (const part of document.querySelectorAll('[data-passkey-part]')) part.hidden = false;
    button.addEventListener('click', press);
  }
} else {
  for (const part of document.querySelectorAll('[data-no-passkey]')) part.hidden = false;
}
