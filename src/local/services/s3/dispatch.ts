// Finds the operation a request asks for. What is not in the table is refused: a request never falls through to another operation.

import type { Clock } from '../../clock.ts'
import type { Mail, WireRequest, WireResponse } from '../../service.ts'
import type { Store, Writer } from '../../store.ts'
import type { Bodies } from './bodies.ts'
import { S3Error } from './errors.ts'
import type { Headers } from './receive.ts'

/** One call of an operation. `bucket` and `key` are empty above their level. */
export interface Call {
  readonly request: WireRequest
  readonly bucket: string
  readonly key: string
  readonly query: ReadonlyMap<string, string>
  /** The request's headers, with the `x-amz-` headers that a presigned URL carries in its query. */
  readonly headers: Headers
  readonly signed: boolean
  readonly store: Store
  readonly clock: Clock
  readonly bodies: Bodies
  readonly mail: Mail
  /** Tells of a change of an object, in the commit that makes it. */
  readonly tell: (writer: Writer, change: ObjectChange) => void
}

/** A change of an object, as S3 event notifications name it. */
export interface ObjectChange {
  readonly event:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Post'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete'
    | 'ObjectRemoved:DeleteMarkerCreated'
    | 'ObjectTagging:Put'
    | 'ObjectTagging:Delete'
    | 'LifecycleExpiration:Delete'
    | 'LifecycleExpiration:DeleteMarkerCreated'
  readonly bucket: string
  readonly key: string
  readonly size?: number
  readonly etag?: string
  /** In a bucket whose versions are kept. */
  readonly versionId?: string
}

export type Level = 'service' | 'bucket' | 'object'

/** A row of the table. */
export interface Operation {
  readonly name: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly level: Level
  /** The query parameter that selects it, such as `uploads`. */
  readonly subResource?: string
  /** Set where `x-amz-copy-source` selects it. */
  readonly copies?: true
  /** Further query parameters it understands. */
  readonly parameters?: readonly string[]
  /** What it needs to be allowed only its body tells: it asks itself. */
  readonly asks?: true
  readonly run: (call: Call) => Promise<WireResponse> | WireResponse
}

// Every query parameter by which S3 selects an operation, whether that operation is in the table or not.
const SUB_RESOURCES = new Set(
  (
    'abac accelerate acl analytics append attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type ' +
    'location logging metadataConfiguration metadataInventoryTable metadataJournalTable metadataTable metrics notification object-lock ' +
    'ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention select session ' +
    'tagging torrent uploadId uploads versioning versions website'
  ).split(' '),
)
// boto3's Version 2 URLs repeat two signed headers in the query; SDK v3 names the operation in `x-id`.
const SIGNING = new Set(['x-id', 'AWSAccessKeyId', 'Signature', 'Expires', 'content-type', 'content-md5'])

/** The table as a function; `request` is an address with its method, its query and whether it names a copy source. */
export function makeDispatch(operations: readonly Operation[]): (request: Asked) => Operation {
  const table = new Map<string, Operation>()
  for (const operation of operations) {
    const name = rowName(operation.method, operation.level, operation.subResource, operation.copies)
    if (table.has(name)) throw new Error(`Two S3 operations answer ${name}`)
    table.set(name, operation)
  }
  return (asked) => {
    const selecting = [...asked.query.keys()].filter((name) => SUB_RESOURCES.has(name))
    const [first, second] = selecting
    if (second !== undefined) throw notImplemented(selecting.join('&'))
    const found = table.get(rowName(asked.method, asked.level, first, asked.copies || undefined))
    if (found !== undefined) {
      refuseUnknown(asked, found)
      return found
    }
    if (first !== undefined || asked.copies || asked.method === 'POST') throw notImplemented(first ?? asked.method)
    throw new S3Error('MethodNotAllowed', { Method: asked.method, ResourceType: asked.level.toUpperCase() })
  }
}

export interface Asked {
  readonly method: string
  readonly level: Level
  readonly query: ReadonlyMap<string, string>
  readonly copies: boolean
}

const rowName = (method: string, level: Level, subResource = '', copies = false): string =>
  `${method} ${level} ${subResource}${copies ? ' copy' : ''}`

// A parameter nobody knows may be a sub-resource of tomorrow, so a write with one is refused. S3 lets reads carry
// parameters of the client's own (`?v=3`); bare ones look like sub-resources and are refused too.
function refuseUnknown({ method, query }: Asked, { subResource, parameters = [] }: Operation): void {
  const reads = method === 'GET' || method === 'HEAD'
  for (const [name, value] of query) {
    if (name === subResource || parameters.includes(name) || SIGNING.has(name) || /^x-amz-/i.test(name)) continue
    if (!reads || value === '') throw notImplemented(name)
  }
}

function notImplemented(parameter: string): S3Error {
  return new S3Error(
    'NotImplemented',
    { Parameter: parameter },
    'A parameter you provided implies functionality that is not implemented',
  )
}
