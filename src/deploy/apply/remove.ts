// Takes an app off AWS. What holds data stays unless that is asked for, and is named.
import type { ObjectIdentifier } from '@aws-sdk/client-s3'
import type { Clients } from '../calls/clients.ts'
import { worded } from '../calls/refused.ts'
import { isRetained } from '../plan/replacements.ts'
import type { Template, TemplateResource } from '../template.ts'
import { sizesBelow, upload } from './artifacts.ts'
import { artifactBucket, isThere, objectUrl } from './bucket.ts'
import { failureOf } from './failures.ts'
import { formerBuckets, pendingListeners, putListeners } from './listeners.ts'
import { hold } from './lock.ts'
import type { By } from './rollback.ts'
import { type Settling, templateKey, toUpload, update, usable } from './settle.ts'
import { follow, knownEvents, readResources, readStack, readTemplate, type StackResource } from './stack.ts'

export interface Removal {
  readonly app: string
  readonly stage: string
  readonly stack: string
  readonly account: string
  /** Tables, buckets, streams and secrets go too, with all that they hold. */
  readonly data: boolean
  readonly signal?: AbortSignal | undefined
}

/** A resource by its type and its name on AWS. */
export interface Named {
  readonly type: string
  readonly name: string
}

export interface Removed {
  /** There was something to remove. */
  readonly found: boolean
  readonly kept: readonly Named[]
}

/** What would stay, and what would go, in the stack that is there; undefined: there is none. */
export async function removalOf(
  clients: Clients,
  { stack, data }: Pick<Removal, 'stack' | 'data'>,
): Promise<{ goes: Named[]; stays: Named[] } | undefined> {
  const state = await readStack(clients, stack)
  if (state === undefined) return undefined
  const all = await readWhole(clients, state.id)
  const stays = all.filter((one) => !data && isRetained(one.resource))
  return { stays: stays.map(named), goes: all.filter((one) => !stays.includes(one)).map(named) }
}

export function remove(clients: Clients, removal: Removal, { caller, command, report }: By): Promise<Removed> {
  return worded(async () => {
    const { app, stage, stack, account, signal } = removal
    const bucket = artifactBucket(account, clients.region)
    const place = { bucket, account, prefix: `${app}/${stage}/` }
    if (!(await isThere(clients, bucket, account))) {
      const settling = { place, report, signal, check: () => {} }
      return { found: (await readStack(clients, stack)) !== undefined, kept: await take(clients, removal, settling) }
    }
    if ((await readStack(clients, stack)) === undefined) {
      // A removal that was killed at its end.
      await emptyArtifacts(clients, place)
      return { found: false, kept: [] }
    }
    const held = await hold(clients, { bucket, account, stack }, { who: caller.arn, command }, report)
    try {
      const kept = await take(clients, removal, { place, report, signal, check: held.check })
      await emptyArtifacts(clients, place)
      return { found: true, kept }
    } finally {
      await held.release().catch(() => {})
    }
  })
}

async function take(clients: Clients, removal: Removal, settling: Settling): Promise<Named[]> {
  const { stack: name, data } = removal
  const { report, signal, check } = settling
  const state = await usable(clients, name, settling)
  if (state === undefined) return []
  const all = await readWhole(clients, state.id)
  const former = formerBuckets(all.map(({ resource }) => resource))
  await putListeners(clients, await pendingListeners(clients, { stack: name, listeners: [] }, former), check)
  if (data) {
    await letGo(clients, removal, state.id, settling)
    for (const { type, physicalId } of all)
      if (type === 'AWS::S3::Bucket') {
        check()
        await emptyBucket(clients, physicalId)
      }
  }
  const known = await knownEvents(clients, state.id)
  check()
  await clients.cloudformation.deleteStack({ StackName: name })
  const after = await follow(clients, state.id, { known, report, signal })
  if (after.state !== undefined) throw failureOf(name, after.state, after.happened)
  return all.filter((one) => !data && isRetained(one.resource)).map(named)
}

interface Whole extends StackResource {
  readonly resource: TemplateResource
}

const named = ({ type, physicalId }: StackResource): Named => ({ type, name: physicalId })

/** Every resource of a stack and of its parts, with what the template says of it. */
async function readWhole(clients: Clients, stack: string): Promise<Whole[]> {
  const [template, resources] = await Promise.all([readTemplate(clients, stack), readResources(clients, stack)])
  const found: Whole[] = []
  for (const one of resources) {
    if (one.status === 'DELETE_COMPLETE') continue
    if (one.type === 'AWS::CloudFormation::Stack') found.push(...(await readWhole(clients, one.physicalId)))
    else found.push({ ...one, resource: template?.Resources[one.id] ?? { Type: one.type } })
  }
  return found
}

/**
 * CloudFormation removes what it was told to keep only after it was told otherwise, and takes that only together with a
 * change of the resource itself. Source: "DeletionPolicy attribute", "UpdateStack": policies are not updated by themselves.
 */
async function letGo(clients: Clients, removal: Removal, stackId: string, settling: Settling): Promise<void> {
  const template = await readTemplate(clients, stackId)
  if (template === undefined) return
  const { place } = settling
  const loosened = new Map(Object.entries(loose(template).Resources))
  for (const { id, type, physicalId } of await readResources(clients, stackId)) {
    const [resource, part] = [loosened.get(id), await partOf(clients, type, physicalId)]
    if (resource === undefined || part === undefined) continue
    const changed = toUpload(templateKey(place, loose(part)), loose(part))
    await upload(clients, { ...place, prefix: changed.key }, [changed], settling.report)
    const TemplateURL = await objectUrl(clients, place.bucket, changed.key)
    loosened.set(id, { ...resource, Properties: { ...resource.Properties, TemplateURL } })
  }
  await update(clients, removal, { ...template, Resources: Object.fromEntries(loosened) }, settling)
}

const partOf = async (clients: Clients, type: string, physicalId: string): Promise<Template | undefined> =>
  type === 'AWS::CloudFormation::Stack' && physicalId !== '' ? readTemplate(clients, physicalId) : undefined

function loose(template: Template): Template {
  const resources = Object.entries(template.Resources).map(([id, one]): [string, TemplateResource] =>
    isRetained(one)
      ? [id, { ...one, DeletionPolicy: 'Delete', Metadata: { ...one.Metadata, Goblet: { let: 'go' } } }]
      : [id, one],
  )
  return { ...template, Resources: Object.fromEntries(resources) }
}

async function emptyBucket({ s3 }: Clients, bucket: string): Promise<void> {
  for (;;) {
    const page = await s3.listObjectVersions({ Bucket: bucket, MaxKeys: 1000 }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NoSuchBucket') return undefined
      throw error
    })
    const objects = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].flatMap(({ Key, VersionId }) =>
      Key === undefined ? [] : [{ Key, ...(VersionId === undefined ? {} : { VersionId }) }],
    )
    if (objects.length === 0) return
    await deleteAll({ s3 }, bucket, objects)
  }
}

async function emptyArtifacts(
  clients: Clients,
  place: { readonly bucket: string; readonly account: string; readonly prefix: string },
): Promise<void> {
  const keys = [...(await sizesBelow(clients, place)).keys()]
  for (let from = 0; from < keys.length; from += 1000)
    await deleteAll(
      clients,
      place.bucket,
      keys.slice(from, from + 1000).map((Key) => ({ Key })),
      place.account,
    )
}

async function deleteAll(
  { s3 }: Pick<Clients, 's3'>,
  bucket: string,
  objects: ObjectIdentifier[],
  account?: string,
): Promise<void> {
  const { Errors: [failed] = [] } = await s3.deleteObjects({
    Bucket: bucket,
    ...(account === undefined ? {} : { ExpectedBucketOwner: account }),
    Delete: { Objects: objects, Quiet: true },
  })
  // One that may not be deleted would be listed again without end.
  if (failed !== undefined) throw new Error(`${bucket}/${failed.Key}: ${failed.Message ?? failed.Code}`)
}
