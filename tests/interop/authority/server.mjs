// An authority that others wrote (oidc-provider, jose), with a resource behind it that wants its tokens bound to a key.
// Called as: node server.mjs PORT PUBLIC_JWK
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';
import { Provider } from 'oidc-provider';

const [port, jwk] = [Number(process.argv[2]), JSON.parse(process.argv[3])];
const issuer = `http://127.0.0.1:${port}`;
const shared = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: 'kit:all' };
const secret = 'a-shared-secret-of-some-length';
const provider = new Provider(issuer, {
  clients: [
    { ...shared, client_id: 'bound', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: jwk.alg, jwks: { keys: [jwk] }, dpop_bound_access_tokens: true },
    { ...shared, client_id: 'by:header', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' },
    { ...shared, client_id: 'post', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
  ],
  scopes: ['kit:all'],
  ttl: { ClientCredentials: 120 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
  },
});

let nonce = 'first';
const used = new Set();

async function admitted(request) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const held = token && (await provider.ClientCredentials.find(token));
  if (!held || held.isExpired) return 'invalid_token';
  if (!held.jkt) return scheme === 'Bearer' ? '' : 'invalid_token';
  if (scheme !== 'DPoP') return 'invalid_token';
  const { payload, protectedHeader } = await jwtVerify(request.headers.dpop, EmbeddedJWK, { typ: 'dpop+jwt' });
  const bare = new URL(request.url, issuer);
  const ath = createHash('sha256').update(token).digest('base64url');
  if (payload.nonce !== nonce) return 'use_dpop_nonce';
  if (payload.htm !== request.method || payload.htu !== issuer + bare.pathname || payload.ath !== ath) return 'invalid_dpop_proof';
  if (used.has(payload.jti) || (await calculateJwkThumbprint(protectedHeader.jwk)) !== held.jkt) return 'invalid_dpop_proof';
  used.add(payload.jti);
  return '';
}

const answer = provider.callback();
createServer(async (request, response) => {
  if (!request.url.startsWith('/resource')) return answer(request, response);
  const error = await admitted(request).catch(() => 'invalid_dpop_proof');
  if (request.url.includes('turn')) nonce += '-next';
  response.setHeader('DPoP-Nonce', nonce);
  if (error) response.writeHead(401, { 'WWW-Authenticate': `DPoP error="${error}"` }).end();
  else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"well": true}');
}).listen(port, '127.0.0.1');
