// DeleteObject and DeleteObjects.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { checkKey } from '../address.ts'
import { checkWrite } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, child, readRoot } from '../documents.ts'
import { S3Error, type S3ErrorCode } from '../errors.ts'
import { checkAllowed } from '../permission.ts'
import { receiveText } from '../receive.ts'
import { findBucket } from '../state.ts'
import { liveObject, type Removal, removeObject } from '../versions.ts'

const LARGEST_BODY = 2 * 1024 * 1024
const MOST_KEYS = 1000

export const deletes: readonly Operation[] = [
  { name: 'DeleteObject', method: 'DELETE', level: 'object', parameters: ['versionId'], run: deleteObject },
  { name: 'DeleteObjects', method: 'POST', level: 'bucket', subResource: 'delete', asks: true, run: deleteObjects },
]

type Answer = Promise<Awaited<ReturnType<Operation['run']>>>

async function deleteObject(call: Call): Answer {
  const { bucket, key, query, headers, clock, bodies, tell } = call
  refuseDevice(headers)
  const { marker, version } = await bodies.commit([], (writer, drop) => {
    const found = findBucket(writer, bucket)
    if (headers['if-match'] !== undefined) checkWrite(headers, key, liveObject(writer, call))
    const removal = removeObject(writer, drop, { bucket, key }, found, clock.now(), query.get('versionId'))
    if (removal.change !== undefined) tell(writer, removal.change)
    return removal
  })
  const shown: Record<string, string> = {}
  if (marker) shown['x-amz-delete-marker'] = 'true'
  if (version !== undefined) shown['x-amz-version-id'] = version
  return { status: 204, headers: shown }
}

async function deleteObjects(call: Call): Answer {
  const { bucket, headers, request, store, clock, bodies, tell } = call
  findBucket(store, bucket)
  refuseDevice(headers)
  const { wanted, quiet } = readDelete(await receiveText(headers, request.body, LARGEST_BODY, true))
  const result = await bodies.commit([], (writer, drop) => {
    const found = findBucket(writer, bucket)
    return wanted.flatMap(({ key, version, etag }): XmlNodes => {
      try {
        // Each object is refused by itself. Source: the errors of the API's page.
        const object = { Key: key, ...(version === undefined ? {} : { VersionId: version }) }
        checkAllowed(call, { operation: 'DeleteObjects', input: { Bucket: bucket, Delete: { Objects: [object] } } })
        if (etag !== undefined) checkWrite({ 'if-match': etag }, key, liveObject(writer, { bucket, key }))
        const removal = removeObject(writer, drop, { bucket, key }, found, clock.now(), version)
        if (removal.change !== undefined) tell(writer, removal.change)
        return quiet ? [] : [['Deleted', showDeleted(key, version, removal)]]
      } catch (error) {
        if (!(error instanceof S3Error)) throw error
        return [['Error', showFailed(key, version, error)]]
      }
    })
  })
  return answerXml('DeleteResult', result)
}

// Deleting by a device's code asks for a device, and there is none.
function refuseDevice(headers: Call['headers']): void {
  if (headers['x-amz-mfa'] !== undefined) throw new S3Error('NotImplemented', { Header: 'x-amz-mfa' })
}

const showDeleted = (key: string, version: string | undefined, removal: Removal): XmlNodes => [
  ['Key', key],
  ['VersionId', version],
  ['DeleteMarker', removal.marker ? true : undefined],
  ['DeleteMarkerVersionId', removal.marker ? removal.version : undefined],
]

// Recorded: here a malformed version id is one that does not exist.
function showFailed(key: string, version: string | undefined, error: S3Error): XmlNodes {
  const code: S3ErrorCode = error.code === 'InvalidArgument' ? 'NoSuchVersion' : error.code
  return [
    ['Key', key],
    ['VersionId', version],
    ['Code', code],
    ['Message', code === error.code ? error.message : new S3Error(code).message],
  ]
}

interface Wanted {
  readonly key: string
  readonly version: string | undefined
  readonly etag: string | undefined
}

function readDelete(text: string): { wanted: Wanted[]; quiet: boolean } {
  const root = readRoot(text, 'Delete')
  const wanted = root.children
    .filter(({ name }) => name === 'Object')
    .map((one) => {
      const key = child(one, 'Key')
      const version = child(one, 'VersionId')
      if (key === undefined || key === '') throw new S3Error('MalformedXML')
      return { key: checkKey(key), version: version === '' ? undefined : version, etag: child(one, 'ETag') }
    })
  if (wanted.length === 0 || wanted.length > MOST_KEYS) throw new S3Error('MalformedXML')
  return { wanted, quiet: child(root, 'Quiet') === 'true' }
}
