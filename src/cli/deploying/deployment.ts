// From a command's words to what is to be on AWS: the caller's account, the app read for it, its code packed, its template.

import {
  artifactBucket,
  type Caller,
  type Clients,
  callerOf,
  type Deployment,
  knownOf,
  objectUrl,
  placesOf,
  readTemplate,
  split,
  toListeners,
  toTemplate,
} from '../../deploy/index.ts'
import { complaint, GobletError, type Where } from '../../errors.ts'
import type { Finding, Model, Permissions } from '../../model/index.ts'
import { packArtifacts } from '../artifacts.ts'
import { openAws } from '../aws.ts'
import type { Input } from '../command.ts'
import { type Deployable, openProject } from '../project.ts'
import { paint } from '../terminal.ts'

/** Who calls AWS, and where. */
export interface Session {
  readonly clients: Clients
  readonly caller: Caller
}

export interface Prepared {
  readonly deployment: Deployment
  readonly model: Model
  /** Where what is deployed is declared, by logical id. */
  readonly places: ReadonlyMap<string, Where>
  readonly warnings: readonly Finding[]
}

/** Opens AWS as a command's flags say. Throws GOBLET_NO_CLIENT, GOBLET_NO_REGION, GOBLET_NO_CREDENTIALS. */
export async function openSession(input: Input): Promise<Session> {
  const clients = await openAws(input)
  try {
    return { clients, caller: await callerOf(clients) }
  } catch (error) {
    clients.close()
    throw error
  }
}

/** Does something with AWS open and the app read for the caller's account; nothing is built. */
export async function withModel<Result>(
  input: Input,
  work: (session: Session, model: Model) => Promise<Result>,
): Promise<Result> {
  const project = await openProject(input)
  const opening = openSession(input)
  const place = opening.then(({ caller: { account, region } }) => ({ account, region }))
  try {
    const [session, model] = await Promise.all([opening, project.modelAt(place)])
    return await work(session, model)
  } finally {
    await project.close()
    await opening.then(({ clients }) => clients.close()).catch(() => {})
  }
}

/** Does something with AWS open and the app ready to be deployed. Both are got ready at the same time. */
export async function withDeployment<Result>(
  input: Input,
  work: (session: Session, prepared: Prepared) => Promise<Result>,
): Promise<Result> {
  const project = await openProject(input)
  project.prepare()
  const opening = openSession(input)
  const place = opening.then(({ caller: { account, region } }) => ({ account, region }))
  try {
    const [session, deployable] = await Promise.all([opening, project.deployable(place)])
    return await work(session, await toPrepared(project.root, session, deployable))
  } finally {
    await project.close()
    // What could not be opened has nothing to close.
    await opening.then(({ clients }) => clients.close()).catch(() => {})
  }
}

/** Packs the code and makes the template. */
export async function toPrepared(
  root: string,
  { clients, caller }: Session,
  deployable: Deployable,
): Promise<Prepared> {
  const { model, bundles, permissions } = deployable
  refuseUnknown(permissions)
  const { account, region, app, stage } = model
  const stack = `${app}-${stage}`
  const [artifacts, known, previous] = await Promise.all([
    packArtifacts(root, model, bundles),
    knownOf(clients, model),
    readTemplate(clients, stack),
  ])
  const bucket = artifactBucket(account, region)
  const prefix = `${app}/${stage}/templates/`
  const code = new Map(artifacts.map((one) => [one.function, { bucket, key: one.key }]))
  const making = { model, permissions, code, known }
  const deployment: Deployment = {
    ...{ app, stage, account: caller.account, region: caller.region, stack },
    ...split(toTemplate(making), { prefix, url: await objectUrl(clients, bucket, prefix), previous }),
    functions: model.functions,
    artifacts,
    permissions,
    listeners: toListeners(making),
  }
  const warnings = distinct([...permissions.values()].flatMap((one) => one.warnings))
  return { deployment, model, places: placesOf(model), warnings }
}

// Code that functions share is complained of once.
function distinct(findings: readonly Finding[]): Finding[] {
  const key = ({ where, message }: Finding): string => JSON.stringify([where, message])
  return [...new Map(findings.map((one) => [key(one), one])).values()]
}

/** Throws GOBLET_UNKNOWN_CALL: a role that may lack what the code needs is not deployed. */
export function refuseUnknown(permissions: Permissions): void {
  const named = [...permissions].flatMap(([name, { errors }]) => errors.map((finding) => ({ name, finding })))
  const kept = new Map(named.map((one) => [JSON.stringify([one.finding.where, one.finding.message]), one]))
  if (kept.size === 0) return
  throw new GobletError(
    [...kept.values()].map(({ name, finding: { where, message, mend } }) =>
      complaint('GOBLET_UNKNOWN_CALL', { name, message, mend }, where),
    ),
  )
}

/** Which stack, where, and as whom. */
export function toPlaceHead({ caller, clients }: Session, stack: string): string {
  const { account, region, arn } = caller
  const cloud = clients.endpoint === undefined ? '' : ` at ${clients.endpoint}`
  return `${paint('bold', stack)} in ${region} of account ${account}${cloud} ${paint('dim', `as ${arn}`)}`
}

/** As others are told who find the stack held. */
export const commandOf = (stage: string, word: string): string => `goblet ${word} --stage ${stage}`
