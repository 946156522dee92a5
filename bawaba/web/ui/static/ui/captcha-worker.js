// Solves altcha's second protocol: the first counter whose PBKDF2 key begins with the wanted prefix.
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const rules = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: cost };
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const count = new DataView(password.buffer, password.length - 4);
  for (let counter = 0; counter < 100000; counter += 1) {
    count.setUint32(0, counter);
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    const derivedKey = hex(await crypto.subtle.deriveBits(rules, key, 8 * keyLength));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  return null;
}

onmessage = ({ data }) => solve(data).then(postMessage, () => postMessage(null));
