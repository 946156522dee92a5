// One step for each line of JSON that comes in: openid-client does it, and what it found goes out as one line.
import { createInterface } from 'node:readline'
import { webcrypto } from 'node:crypto'

globalThis.crypto ??= webcrypto // Debian 12's Node keeps both out of sight
globalThis.CryptoKey ??= webcrypto.CryptoKey
const oidc = await import('openid-client')

const [issuer, clientId, secret, redirect] = process.argv.slice(2)
const insecure = { execute: [oidc.allowInsecureRequests] } // the portal of the test is on loopback
let configuration, checks

const steps = {
  async discover() {
    configuration = await oidc.discovery(new URL(issuer), clientId, secret, undefined, insecure)
    return configuration.serverMetadata()
  },
  async ask({ extra = {} }) {
    const verifier = oidc.randomPKCECodeVerifier()
    checks = { pkceCodeVerifier: verifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() }
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: 'openid profile email phone company',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      ...extra,
    })
    return { url: url.href }
  },
  async exchange({ url, change = {}, maxAge }) {
    const tokens = await oidc.authorizationCodeGrant(configuration, new URL(url), { ...checks, ...change, maxAge })
    return { ...tokens, claims: tokens.claims() }
  },
  userinfo: ({ token, subject }) => oidc.fetchUserInfo(configuration, token, subject),
  refresh: ({ token }) => oidc.refreshTokenGrant(configuration, token),
  introspect: ({ token }) => oidc.tokenIntrospection(configuration, token),
  async revoke({ token }) {
    await oidc.tokenRevocation(configuration, token)
    return {}
  },
  signOut: async ({ hint, back }) => ({
    url: oidc.buildEndSessionUrl(configuration, { id_token_hint: hint, post_logout_redirect_uri: back }).href,
  }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { step, ...given } = JSON.parse(line)
  try {
    console.log(JSON.stringify(await steps[step](given)))
  } catch (error) {
    console.log(JSON.stringify({ failed: error.error ?? error.code ?? error.cause?.code ?? error.message }))
  }
}
