import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpRequest } from '@smithy/protocol-http';

const signer = new SignatureV4({ credentials: defaultProvider(), region: 'us-east-1', service: 'appsync', sha256: Sha256 });

export const handler = async (event: { query: string }) => {
  const request = new HttpRequest({ method: 'POST', hostname: 'abc.appsync-api.us-east-1.amazonaws.com', path: '/graphql', body: JSON.stringify({ query: event.query }) });
  const signed = await signer.sign(request);
  return fetch(`https://${signed.hostname}${signed.path}`, { method: 'POST', headers: signed.headers, body: signed.body });
};
