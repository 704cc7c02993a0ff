// The developer's own AWS credentials, read only for the services that somebody opened to the real account by name.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Credentials } from '../aws/signer.ts'
import { problem } from '../errors.ts'
import { LOCAL_CREDENTIALS } from './service.ts'

export interface OwnCredentials extends Credentials {
  /** Where they were found, for people. */
  readonly from: string
  /** Milliseconds since 1970; undefined: they last. */
  readonly expires: number | undefined
}

type Env = Readonly<Record<string, string | undefined>>

// They are asked for again this long before they end.
const EARLY = 5 * 60_000

/** Reads them once, and again when they are about to expire. Both throw GOBLET_NO_CREDENTIALS. */
export async function openOwnCredentials(env: Env = process.env): Promise<() => Promise<OwnCredentials>> {
  let kept = await read(env)
  return async () => {
    if (kept.expires !== undefined && kept.expires - EARLY < Date.now()) kept = await read(env)
    return kept
  }
}

// As the aws command does: the environment, then what is written down for the profile, then whatever else the aws
// command knows how to get for it (single sign-on, roles, processes).
async function read(env: Env): Promise<OwnCredentials> {
  const profile = env.AWS_PROFILE ?? env.AWS_DEFAULT_PROFILE ?? 'default'
  const found = fromEnvironment(env) ?? (await fromFile(env, profile)) ?? (await fromCommand(env, profile))
  if (found === undefined) throw problem('GOBLET_NO_CREDENTIALS', { profile })
  return found
}

function fromEnvironment(env: Env): OwnCredentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  // A shell that `goblet env` pointed at the local cloud has none of its own.
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || AWS_ACCESS_KEY_ID === LOCAL_CREDENTIALS.accessKeyId)
    return undefined
  return toOwn(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, 'the environment')
}

function toOwn(
  accessKeyId: string,
  secretAccessKey: string,
  sessionToken: string | undefined,
  from: string,
  expires?: number,
): OwnCredentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}), from, expires }
}

async function fromFile(env: Env, profile: string): Promise<OwnCredentials | undefined> {
  const path = env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials')
  const text = await readFile(path, 'utf8').catch(() => '')
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? section
    const [, name, value] = /^([A-Za-z_]+)\s*=\s*(\S+)/.exec(line) ?? []
    if (section === profile && name !== undefined && value !== undefined) values.set(name.toLowerCase(), value)
  }
  const [id, secret] = [values.get('aws_access_key_id'), values.get('aws_secret_access_key')]
  if (id === undefined || secret === undefined) return undefined
  return toOwn(id, secret, values.get('aws_session_token'), `the profile ${profile}`)
}

async function fromCommand(env: Env, profile: string): Promise<OwnCredentials | undefined> {
  const words = ['configure', 'export-credentials', '--format', 'process', '--profile', profile]
  const text = await new Promise<string>((resolve) => {
    execFile('aws', words, { env: { ...env }, timeout: 20_000 }, (error, output) =>
      resolve(error === null ? output : ''),
    )
  })
  if (text === '') return undefined
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration }: Readonly<Record<string, string>> = JSON.parse(text)
  if (AccessKeyId === undefined || SecretAccessKey === undefined) return undefined
  const expires = Expiration === undefined ? undefined : Date.parse(Expiration)
  return toOwn(AccessKeyId, SecretAccessKey, SessionToken, `the profile ${profile}`, expires)
}
