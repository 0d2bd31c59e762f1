// An identity provider for tests and for trying single sign-on: npm's oidc-provider, which is certified.
// What is ours here are its people, its page of sign-in, and the faults that a test can give its tokens.
//
// node identity.mjs SETTINGS   reads a JSON file and answers on loopback; `--port N` chooses the port.
// The first line that it prints is JSON: {"issuer": "http://localhost:…"}. It ends with its standard input
// where the settings say so. With "controls" a test may change it while it runs: see `control` below.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, importJWK, SignJWT, decodeJwt, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const chosen = process.argv.indexOf('--port');
const port = chosen > 0 ? Number(process.argv[chosen + 1]) : settings.port ?? 0;

// What a test has changed: {claims, remove, alg, key} of ID tokens, {userinfo}, {metadata} of discovery.
let spoiled = {};
let people = settings.people;
let keys = [await newKey()];
let answer;

async function newKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, use: 'sig', alg: 'RS256', kid: Math.random().toString(36).slice(2) };
}

const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);

const page = (title, body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body></html>`;

function signInPage(uid, name) {
  const options = people.map((one) => `<option value="${escaped(one.sub)}">${escaped(one.email)}</option>`);
  return page(
    'Identity provider',
    `<form method="post" action="/interaction/${uid}"><p>Sign in to ${escaped(name)} as</p>
    <p><select name="sub" aria-label="Person">${options.join('')}</select> <button>Sign in</button></p></form>
    <form method="post" action="/interaction/${uid}"><button name="cancel" value="1">Cancel</button></form>`,
  );
}

// The issuer stays what it is when keys rotate, so the provider is made anew around the same memory.
function make(issuer) {
  const provider = new Provider(issuer, {
    clients: settings.clients,
    jwks: { keys },
    cookies: { keys: ['known-to-everybody'] },
    claims: { openid: ['sub'], profile: ['name', 'groups', 'preferred_username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: settings.claims_in_userinfo ?? true,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page('Sign out', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = page('Signed out', '');
        },
      },
    },
    // Clients are on this machine, which the library would not speak to.
    fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, sub) => {
      const one = people.find((each) => each.sub === sub);
      return one && { accountId: sub, claims: () => one };
    },
    // Whoever signs in has agreed: the firm's administrator registered the client.
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = page('The provider refused', `<p>${escaped(out.error)}</p><p>${escaped(out.error_description)}</p>`);
    },
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, IdToken: 600, AccessToken: 600, AuthorizationCode: 60 },
  });
  if (settings.any_address) {
    // Who tries it out has not told it yet where Ringfence is.
    const here = (address) => new URL(address).hostname === 'localhost';
    provider.Client.prototype.redirectUriAllowed = here;
    provider.Client.prototype.postLogoutRedirectUriAllowed = here;
  }
  provider.on('server_error', (ctx, fault) => console.error(fault));
  provider.on('backchannel.error', (ctx, fault) => console.error(fault));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/.well-known/openid-configuration') Object.assign(ctx.body, spoiled.metadata);
    if (ctx.path === '/me' && spoiled.userinfo) Object.assign(ctx.body, spoiled.userinfo);
    if (ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = await spoil(ctx.body.id_token);
  });
  return provider;
}

// The provider's own token, signed anew with its own key after some claims were changed.
async function spoil(token) {
  const { claims, remove, alg, key } = spoiled;
  if (!claims && !remove && !alg && !key) return token;
  const payload = { ...decodeJwt(token), ...claims };
  for (const each of remove ?? []) delete payload[each];
  if (alg === 'none') return new UnsecuredJWT(payload).encode();
  if (alg === 'HS256') {
    const secret = settings.clients[0].client_secret;
    const text = [{ alg, typ: 'JWT' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    return [...text, createHmac('sha256', secret).update(text.join('.')).digest('base64url')].join('.');
  }
  const signing = key === 'foreign' ? { ...(await newKey()), kid: keys[0].kid } : keys[0];
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: signing.kid, typ: 'JWT' })
    .sign(await importJWK(signing, 'RS256'));
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

// {"spoil": {…}} changes what is answered from now on, {"rotate": true} signs with a new key and forgets
// the one before, {"people": […]} are its people, {"clients": […]} its clients.
async function control(request, response, issuer) {
  const asked = JSON.parse(await read(request));
  if (asked.spoil) spoiled = asked.spoil;
  if (asked.people) people = asked.people;
  if (asked.clients) settings.clients = asked.clients;
  if (asked.rotate) keys = [await newKey()];
  if (asked.rotate || asked.clients) {
    provider = make(issuer);
    answer = provider.callback();
  }
  response.end('{}');
}

async function interact(request, response) {
  const { uid, params } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const client = await provider.Client.find(params.client_id);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(signInPage(uid, client.clientName ?? client.clientId));
  }
  const form = new URLSearchParams(await read(request));
  const result = form.get('cancel')
    ? { error: 'access_denied', error_description: 'The person cancelled.' }
    : { login: { accountId: form.get('sub') } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

let provider;
const server = createServer((request, response) => {
  const failed = (fault) => {
    console.error(fault);
    response.statusCode = 500;
    response.end();
  };
  if (settings.controls && request.url === '/control') control(request, response, issuer).catch(failed);
  else if (request.url.startsWith('/interaction/')) interact(request, response).catch(failed);
  else answer(request, response);
});
await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
const issuer = `http://${settings.host ?? 'localhost'}:${server.address().port}`;
provider = make(issuer);
answer = provider.callback();
console.log(JSON.stringify({ issuer }));
if (settings.controls) {
  process.stdin.on('end', () => process.exit()).resume();
}
