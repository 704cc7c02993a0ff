// The one file that calls AWS: a signed request over Node's own client, loaded on first use. An SDK client costs 25 to 45 ms of cold start; this costs 2 to 11.
import { type Credentials, type Digest, sign } from '../aws/signer.ts'
import { endpoint, region } from './place.ts'
