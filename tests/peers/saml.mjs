// An identity provider that speaks SAML 2.0, for tests: npm's samlify in the role of the provider.
// What is ours here are its people, its page, and the faults that a test can give its answers.
//
// node saml.mjs SETTINGS   reads a JSON file (people, key, cert, otherKey, otherCert) and answers on loopback.
// The first line that it prints is JSON: {"root": "http://localhost:…"}.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import * as samlify from 'samlify';

const { people, key, cert, otherKey, otherCert } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
samlify.setSchemaValidator({ validate: () => Promise.resolve('not needed') });

let receiver; // Ringfence, from its own metadata.
let spoil = {};
let root;

const TEMPLATE = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status><saml:Assertion xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{NotOnOrAfter}" Recipient="{Recipient}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{NotBefore}" NotOnOrAfter="{NotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{AuthnInstant}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3"><saml:AttributeValue xsi:type="xs:string">{Email}</saml:AttributeValue></saml:Attribute><saml:Attribute Name="displayName"><saml:AttributeValue xsi:type="xs:string">{Name}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`;

function provider() {
  const wrong = spoil.wrongKey;
  return samlify.IdentityProvider({
    entityID: `${root}/metadata`,
    privateKey: wrong ? otherKey : key,
    signingCert: wrong ? otherCert : cert,
    wantAuthnRequestsSigned: false,
    requestSignatureAlgorithm: `http://www.w3.org/${spoil.sha1 ? '2000/09/xmldsig#rsa-sha1' : '2001/04/xmldsig-more#rsa-sha256'}`,
    nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
    singleSignOnService: [{ Binding: samlify.Constants.namespace.binding.redirect, Location: `${root}/sso` }],
    loginResponseTemplate: { context: TEMPLATE, attributes: [] },
  });
}

const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const id = () => `_${crypto.randomUUID()}`;

async function answerTo(query) {
  const idp = provider();
  const asked = await idp.parseLoginRequest(receiver, 'redirect', { query });
  const person = people.find((one) => one.sub === query.sub);
  const acs = receiver.entityMeta.getAssertionConsumerService('post');
  const values = {
    ID: id(), AssertionID: id(), IssueInstant: later(0), Issuer: `${root}/metadata`,
    Destination: acs, Recipient: acs, Audience: receiver.entityMeta.getEntityID(),
    InResponseTo: asked.extract.request.id, StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', NameID: person.sub,
    NotBefore: later(-5), NotOnOrAfter: later(300), AuthnInstant: later(spoil.authnBefore ? -spoil.authnBefore : 0),
    Email: person.email, Name: person.name, ...spoil.values,
  };
  if (spoil.late) Object.assign(values, { NotBefore: later(-1200), NotOnOrAfter: later(-600) });
  if (spoil.early) Object.assign(values, { NotBefore: later(1200), NotOnOrAfter: later(2400) });
  const filled = (template) => ({ id: values.ID, context: samlify.SamlLib.replaceTagsByValue(template, values) });
  const made = await idp.createLoginResponse(receiver, asked, 'post', {}, filled);
  let xml = Buffer.from(made.context, 'base64').toString();
  if (spoil.unsigned) xml = xml.replace(/<ds:Signature[^]*?<\/ds:Signature>|<Signature[^]*?<\/Signature>/g, '');
  for (const [before, after] of spoil.replace ?? []) xml = xml.replaceAll(before, after);
  return { acs, answer: Buffer.from(xml).toString('base64') };
}

const body = (request) =>
  new Promise((done) => {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => done(text));
  });

const server = createServer(async (request, response) => {
  const address = new URL(request.url, root);
  try {
    if (address.pathname === '/metadata') {
      response.setHeader('Content-Type', 'application/samlmetadata+xml').end(provider().getMetadata());
    } else if (address.pathname === '/control') {
      const asked = JSON.parse(await body(request));
      if (asked.receiver) receiver = samlify.ServiceProvider({ metadata: asked.receiver });
      if (asked.spoil) spoil = asked.spoil;
      response.end('{}');
    } else if (address.pathname === '/sso') {
      const { acs, answer } = await answerTo(Object.fromEntries(address.searchParams));
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(`<!DOCTYPE html><title>Provider</title>
        <form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${answer}"></form>`);
    } else {
      response.writeHead(404).end();
    }
  } catch (problem) {
    response.writeHead(500).end(String(problem.stack ?? problem));
  }
});
process.stdin.on('end', () => process.exit(0)).resume();
server.listen(0, '127.0.0.1', () => {
  root = `http://localhost:${server.address().port}`;
  console.log(JSON.stringify({ root }));
});
