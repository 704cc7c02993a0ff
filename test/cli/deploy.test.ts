// The commands that deploy, where there is no AWS to deploy to: what they say, and how they end.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'

const APP = `import { app, route } from 'goblet'
export default app('shop')
export const index = route('GET /', () => ({ hello: 'world' }))
`
const COMMANDS = ['plan', 'deploy', 'rollback', 'status', 'url', 'delete']

const cwd = folderOf({ 'app.ts': APP })
const home = mkdtempSync(join(tmpdir(), 'goblet-home-'))
// Nothing of the machine's own may be found.
const nobody = {
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_PROFILE: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_SESSION_TOKEN: '',
  AWS_ENDPOINT_URL: '',
}
const somebody = { ...nobody, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }

const seen: string[] = []
let server: Server
let endpoint = ''

/** An AWS that says who calls, and refuses the rest. */
function answer(body: string, outgoing: Parameters<Parameters<typeof createServer>[1] & object>[1]): void {
  const action = /Action=(\w+)/.exec(body)?.[1] ?? ''
  seen.push(action)
  outgoing.setHeader('content-type', 'text/xml')
  if (action === 'GetCallerIdentity') {
    const result = `<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>A</UserId>`
    outgoing.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    )
    return
  }
  outgoing.statusCode = 403
  outgoing.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: ada is not authorized to perform: cloudformation:${action}</Message></Error></ErrorResponse>`,
  )
}

before(async () => {
  mkdirSync(join(cwd, 'node_modules'), { recursive: true })
  server = createServer((incoming: IncomingMessage, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => answer(Buffer.concat(chunks).toString(), outgoing))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(cwd, { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
})

test('without a region, or without credentials, every command says how to get them', async () => {
  for (const command of COMMANDS) {
    const region = await goblet([command], { cwd, env: nobody })
    assert.deepEqual([region.status, /GOBLET_NO_REGION/.test(region.err)], [1, true], `${command}: ${region.err}`)
  }
  const { status, out } = await goblet(['plan', '--region', 'eu-central-1', '--json'], { cwd, env: nobody })
  const { complaints } = JSON.parse(out.trim())
  assert.deepEqual([status, complaints[0]?.code], [1, 'GOBLET_NO_CREDENTIALS'])
})

test('what AWS does not allow is told by name, and where the policy is', async () => {
  const { status, err } = await goblet(['plan', '--endpoint-url', endpoint], { cwd, env: somebody })
  assert.equal(status, 1)
  assert.match(err, /AWS does not let you call CloudFormation\.\w+: .*not authorized to perform: cloudformation:/)
  assert.match(err, /`goblet doctor` prints the policy it takes\. \[GOBLET_DEPLOY_DENIED\]/)
})

test('an app that is wrong is told before AWS is asked for anything but who calls', async () => {
  const wrong = folderOf({ 'app.ts': APP.replace("route('GET /'", "route('GET /', { timout: 3 }") })
  seen.length = 0
  const { status, err } = await goblet(['deploy', '--endpoint-url', endpoint], { cwd: wrong, env: somebody })
  assert.deepEqual([status, /app\.ts:3:\d+ .*`timout`.*\n.*GOBLET_UNKNOWN_OPTION/.test(err)], [1, true], err)
  assert.deepEqual(
    seen.filter((action) => action !== 'GetCallerIdentity'),
    [],
  )
  rmSync(wrong, { recursive: true, force: true })
})

test('doctor goes on after what is missing, and names all of it', async () => {
  const { status, out, err } = await goblet(['doctor'], { cwd, env: nobody })
  assert.equal(status, 1)
  assert.match(out, /✓ AWS clients +installed\n✗ credentials +see below\n✓ entry +app\.ts\n✓ app +shop-dev: 1 function/)
  assert.match(err, /GOBLET_NO_REGION/)
  const policy = await goblet(['doctor', '--policy'], { cwd, env: nobody })
  assert.deepEqual([policy.status, policy.out], [1, ''])
})
