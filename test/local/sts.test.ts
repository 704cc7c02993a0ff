// The local STS as its SDK client sees it, from outside and from inside a function.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { startClock } from '../../src/local/index.ts'
import { type Running, runApp } from '../support/cloud.ts'

let app: Running
const clock = startClock('virtual')
// As an SDK would, without one: the identity is in the token.
const ASKS = `export const handler = async () => {
  const { AWS_SESSION_TOKEN: token, AWS_ENDPOINT_URL: endpoint } = process.env
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-amz-security-token': token,
      authorization: 'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })
  return answer.text()
}`
before(async () => {
  app = await runApp({ functions: { asks: ASKS } }, { clock })
})
after(() => app[Symbol.asyncDispose]())

const FORM = 'application/x-www-form-urlencoded'
const KEYS = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
async function ask<T>(
  work: (client: STSClient) => Promise<T>,
  credentials: typeof KEYS & { sessionToken?: string } = KEYS,
) {
  const client = new STSClient({ endpoint: app.cloud.aws, region: 'us-east-1', credentials, maxAttempts: 1 })
  try {
    return await work(client)
  } finally {
    client.destroy()
  }
}
const identity = (client: STSClient) => client.send(new GetCallerIdentityCommand({}))
const assume = (RoleArn: string, RoleSessionName: string, DurationSeconds?: number) =>
  ask((client) => client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds })))
const ROLE = 'arn:aws:iam::000000000000:role/some/path/worker'

test('who calls from outside is the one user there is', async () => {
  const { Account, Arn, UserId } = await ask(identity)
  assert.deepEqual([Account, Arn], ['000000000000', 'arn:aws:iam::000000000000:user/goblet'])
  assert.match(String(UserId), /^AIDA[A-Z0-9]{17}$/)
})

test('a function is its role, in a session of its own name', async () => {
  const { value } = await app.call('asks')
  assert.match(
    String(value),
    /<Arn>arn:aws:sts::000000000000:assumed-role\/test-dev-asks-role\/test-dev-asks<\/Arn><UserId>AROA[A-Z0-9]{17}:test-dev-asks</,
  )
})

test('an assumed role is who one is, until its time is over', async () => {
  const { Credentials, AssumedRoleUser } = await assume(ROLE, 'me', 900)
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::000000000000:assumed-role/worker/me')
  assert.match(String(AssumedRoleUser?.AssumedRoleId), /^AROA[A-Z0-9]{17}:me$/)
  assert.equal(Credentials?.Expiration?.getTime(), Math.floor(clock.now() / 1000) * 1000 + 900_000)
  const credentials = {
    accessKeyId: String(Credentials?.AccessKeyId),
    secretAccessKey: String(Credentials?.SecretAccessKey),
    sessionToken: String(Credentials?.SessionToken),
  }
  assert.equal((await ask(identity, credentials)).Arn, AssumedRoleUser?.Arn)
  await clock.advance(900_000)
  await assert.rejects(ask(identity, credentials), { name: 'ExpiredToken' })
})

test('a session of the user is still the user', async () => {
  const { Credentials } = await ask((client) => client.send(new GetSessionTokenCommand({})))
  const sessionToken = String(Credentials?.SessionToken)
  assert.equal((await ask(identity, { ...KEYS, sessionToken })).Arn, 'arn:aws:iam::000000000000:user/goblet')
})

const REFUSALS: readonly (readonly [role: string, session: string, message: string])[] = [
  ['nothing-valid-in-here', 'me', 'nothing-valid-in-here is invalid'],
  ['arn:a::::something/test-role', 'me', 'arn:a::::something/test-role is invalid'],
  [
    ROLE,
    'Session1:2',
    "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  ],
  [
    ROLE,
    's'.repeat(65),
    `1 validation error detected: Value '${'s'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
]
for (const [role, session, message] of REFUSALS)
  test(`refused: ${role} ${session.slice(0, 12)}`, () =>
    assert.rejects(assume(role, session), (error: Error) => {
      assert.deepEqual([error.name, error.message], ['ValidationError', message])
      return true
    }))

test('who has no key yet is heard without a signature, in a form or a query', async () => {
  const ask = async (input: string, init: RequestInit = {}): Promise<string> => {
    const answer = await fetch(`${app.cloud.aws}/${input}`, init)
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    return text
  }
  const post = (body: string | ReadableStream<Uint8Array>): Promise<string> =>
    ask('', { method: 'POST', headers: { 'content-type': FORM }, body, duplex: 'half' } as RequestInit)
  const form = 'Action=GetCallerIdentity&Version=2011-06-15'
  for (const text of [await post(form), await post('Action=GetCallerIdentity'), await ask(`?${form}`)])
    assert.match(text, /<GetCallerIdentityResponse.*<Arn>arn:aws:iam::000000000000:/s)
  const assumed = new URLSearchParams({
    RoleArn: ROLE,
    RoleSessionName: 'me',
    Action: 'AssumeRole',
    Version: '2011-06-15',
  })
  assert.match(
    await post(assumed.toString()),
    /<Arn>arn:aws:sts::000000000000:assumed-role\/worker\/me<.*<SessionToken>/,
  )
  // In pieces: the first one tells, and nothing of it is lost.
  const pieces = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of ['Action=CreateTopic&Version=2010-03-31&', 'Name=', 'news']) {
        controller.enqueue(Buffer.from(piece))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      controller.close()
    },
  })
  assert.match(await post(pieces), /<TopicArn>arn:aws:sns:us-east-1:000000000000:news</)
  // SQS is whose forms name nobody.
  assert.match(await post('Action=CreateQueue&QueueName=jobs'), /<QueueUrl>.*jobs</)
  const empty = await fetch(app.cloud.aws, { method: 'POST', headers: { 'content-type': FORM }, body: '' })
  assert.match(await empty.text(), /<Code>InvalidAction</)
})
