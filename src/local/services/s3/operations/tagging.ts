// The tags of an object: PutObjectTagging, GetObjectTagging, DeleteObjectTagging.
import type { Call, ObjectChange, Operation } from '../dispatch.ts'
import { answerXml, readRoot } from '../documents.ts'
import { changedVersion } from '../place.ts'
import { receiveText } from '../receive.ts'
import { readTagSet, readTags, showTags, writeTags } from '../tags.ts'
import { findObject, rewrite, showVersion } from '../versions.ts'

const LARGEST_BODY = 64 * 1024
const row = { level: 'object', subResource: 'tagging', parameters: ['versionId'] } as const

export const tagging: readonly Operation[] = [
  {
    ...row,
    name: 'PutObjectTagging',
    method: 'PUT',
    run: async (call) => {
      findObject(call.store, call, versionOf(call), 'PUT')
      const root = readRoot(await receiveText(call.headers, call.request.body, LARGEST_BODY), 'Tagging')
      const headers = await retag(call, 'ObjectTagging:Put', writeTags(readTagSet(root)))
      return { status: 200, headers }
    },
  },
  {
    ...row,
    name: 'GetObjectTagging',
    method: 'GET',
    run: (call) => {
      const { object, bucket } = findObject(call.store, call, versionOf(call))
      const tags = readTags(object.headers['x-amz-tagging']) ?? []
      return answerXml('Tagging', showTags(tags), { ...showVersion(object, bucket) })
    },
  },
  {
    ...row,
    name: 'DeleteObjectTagging',
    method: 'DELETE',
    run: async (call) => ({ status: 204, headers: await retag(call, 'ObjectTagging:Delete', '') }),
  },
]

const versionOf = ({ query }: Call): string | undefined => query.get('versionId')

function retag(call: Call, event: ObjectChange['event'], tags: string): Promise<Record<string, string>> {
  const { bucket, key, request, store, tell } = call
  return store.commit((writer) => {
    const found = findObject(writer, call, versionOf(call), request.method)
    const { 'x-amz-tagging': _, ...headers } = found.object.headers
    const kept = tags === '' ? headers : { ...headers, 'x-amz-tagging': tags }
    const object = { ...found.object, headers: kept }
    rewrite(writer, call, object)
    tell(writer, { event, bucket, key, etag: object.etag, ...changedVersion(object) })
    return { ...showVersion(object, found.bucket) }
  })
}
