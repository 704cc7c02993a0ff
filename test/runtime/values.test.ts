// Secrets and parameters: asked for once in a while, and never before they are wanted.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { param, secret } from '../../src/index.ts'
import { type Listener, listen } from '../support/listener.ts'

describe('a secret', () => {
  let secrets: Listener
  before(async () => {
    secrets = await listen('secretsmanager', 'application/x-amz-json-1.1')
  })
  after(() => secrets.close())

  it('is read when it is first wanted, and remembered', async () => {
    secrets.answer({ SecretString: 'one' }, { SecretString: 'two' })
    const key = secret('key')
    assert.deepEqual(await Promise.all([key.value(), key.value()]), ['one', 'one'])
    assert.equal(await key.value(), 'one')
    assert.equal(await key.value({ fresh: true }), 'two')
    assert.equal(await key.value(), 'two')
    assert.deepEqual(
      secrets.heard.map(({ input }) => input),
      [{ SecretId: 'shop-dev-key' }, { SecretId: 'shop-dev-key' }],
    )
  })

  it('is forgotten when its time is over, and at once where it could not be read', async () => {
    secrets.answer({ __type: 'ResourceNotFoundException', message: 'none' }, { SecretString: '{"user":"a"}' })
    const key = secret('key', { ttl: 0 })
    await assert.rejects(key.value(), { code: 'ResourceNotFoundException' })
    assert.deepEqual(await key.json(), { user: 'a' })
    await key.value()
    assert.equal(secrets.heard.length, 3)
  })

  it('of another is asked for by its ARN; bytes are read as text', async () => {
    secrets.answer({ SecretBinary: Buffer.from('ä').toString('base64') })
    const arn = 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:theirs-AbCdEf'
    assert.equal(await secret(arn).value(), 'ä')
    assert.deepEqual(secrets.heard[0]?.input, { SecretId: arn })
    assert.equal(secret(arn).arn, arn)
  })
})

describe('a parameter', () => {
  let ssm: Listener
  before(async () => {
    ssm = await listen('ssm', 'application/x-amz-json-1.1')
  })
  after(() => ssm.close())

  it('is read decrypted, a list as one', async () => {
    ssm.answer({ Parameter: { Value: 'a,b' } })
    assert.equal(await param('plain', { value: 'a,b' }).value(), 'a,b')
    assert.deepEqual(await param('list', { type: 'StringList', value: 'a,b' }).value(), ['a', 'b'])
    assert.deepEqual(ssm.heard[0], {
      operation: 'AmazonSSM.GetParameter',
      input: { Name: 'shop-dev-plain', WithDecryption: true },
    })
  })

  it('has an ARN, with a path or without', () => {
    const before = 'arn:aws:ssm:us-east-1:123456789012:parameter'
    assert.equal(param('plain', { value: 'x' }).arn, `${before}/shop-dev-plain`)
    const shared = param('/shared/host', { existing: true })
    assert.deepEqual([shared.name, shared.arn], ['/shared/host', `${before}/shared/host`])
    const theirs = param('arn:aws:ssm:eu-west-1:999999999999:parameter/shared/host')
    assert.equal(theirs.name, '/shared/host')
  })
})
