// DeleteObject and DeleteObjects.
import type { XmlNodes } from '../../../../aws/protocol/xml.ts'
import { checkKey } from '../address.ts'
import { checkWrite } from '../conditions.ts'
import type { Operation } from '../dispatch.ts'
import { answerXml, child, readRoot } from '../documents.ts'
import { S3Error } from '../errors.ts'
import { receiveText } from '../receive.ts'
import { findBucket, objectAt, type StoredObject } from '../state.ts'

const LARGEST_BODY = 2 * 1024 * 1024
const MOST_KEYS = 1000

export const deletes: readonly Operation[] = [
  {
    name: 'DeleteObject',
    method: 'DELETE',
    level: 'object',
    parameters: ['versionId'],
    run: async ({ bucket, key, query, headers, bodies, tell }) => {
      const version = query.get('versionId')
      if (version !== undefined && version !== 'null')
        throw new S3Error('NoSuchVersion', { Key: key, VersionId: version })
      await bodies.commit([], (writer, drop) => {
        findBucket(writer, bucket)
        const existing = writer.get<StoredObject>(objectAt(bucket, key))
        if (headers['if-match'] !== undefined) checkWrite(headers, key, existing)
        if (existing === undefined) return
        drop(existing.segments)
        writer.remove(objectAt(bucket, key))
        tell(writer, { event: 'ObjectRemoved:Delete', bucket, key })
      })
      return { status: 204, headers: {} }
    },
  },
  {
    name: 'DeleteObjects',
    method: 'POST',
    level: 'bucket',
    subResource: 'delete',
    run: async ({ bucket, headers, request, store, bodies, tell }) => {
      findBucket(store, bucket)
      const { wanted, quiet } = readDelete(await receiveText(headers, request.body, LARGEST_BODY, true))
      await bodies.commit([], (writer, drop) => {
        findBucket(writer, bucket)
        for (const { key, version } of wanted) {
          const existing = version === undefined ? writer.get<StoredObject>(objectAt(bucket, key)) : undefined
          if (existing === undefined) continue
          drop(existing.segments)
          writer.remove(objectAt(bucket, key))
          tell(writer, { event: 'ObjectRemoved:Delete', bucket, key })
        }
      })
      const result = wanted.flatMap(
        (one): XmlNodes =>
          one.version === undefined ? (quiet ? [] : [['Deleted', [['Key', one.key]]]]) : [noVersion(one)],
      )
      return answerXml('DeleteResult', result)
    },
  },
]

interface Wanted {
  readonly key: string
  readonly version: string | undefined
}

function readDelete(text: string): { wanted: Wanted[]; quiet: boolean } {
  const root = readRoot(text, 'Delete')
  const wanted = root.children
    .filter(({ name }) => name === 'Object')
    .map((one) => {
      const key = child(one, 'Key')
      const version = child(one, 'VersionId')
      if (key === undefined || key === '') throw new S3Error('MalformedXML')
      return { key: checkKey(key), version: version === '' || version === 'null' ? undefined : version }
    })
  if (wanted.length === 0 || wanted.length > MOST_KEYS) throw new S3Error('MalformedXML')
  return { wanted, quiet: child(root, 'Quiet') === 'true' }
}

const noVersion = ({ key, version = '' }: Wanted): XmlNodes[number] => [
  'Error',
  [
    ['Key', key],
    ['VersionId', version],
    ['Code', 'NoSuchVersion'],
    ['Message', 'The specified version does not exist.'],
  ],
]
