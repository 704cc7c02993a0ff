// What an app owns besides functions, as pure data: queues, topics, buckets, tables, streams, buses, WebSocket APIs, secrets, parameters.
import type { Where } from '../errors.ts'
import type { Plain } from './describe.ts'
import type { DomainModel } from './domain.ts'

interface Resource {
  /** The export's name. */
  readonly export: string
  /** The declared name, which is the identity. */
  readonly name: string
  readonly physicalName: string
  /** It is already there; Goblet neither makes nor removes it. */
  readonly existing: boolean
  readonly where: Where
}

export interface QueueModel extends Resource {
  readonly kind: 'queue'
  readonly fifo: boolean
  readonly contentBasedDeduplication: boolean
  /** Seconds. */
  readonly visibility: number
  /** Seconds. */
  readonly retention: number
  /** Seconds. */
  readonly delay: number
  /** `queue` is the declared name of the other queue. */
  readonly deadLetter: { readonly after: number; readonly queue: string } | undefined
}

export interface TopicModel extends Resource {
  readonly kind: 'topic'
  readonly fifo: boolean
  readonly contentBasedDeduplication: boolean
}

/** One rule of a bucket's CORS configuration, which S3 applies. */
export interface BucketCorsModel {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly expose: readonly string[]
  /** Seconds; undefined: the browser's own default. */
  readonly maxAge: number | undefined
}

/** One rule of a bucket's lifecycle. Undefined: the rule does no such thing. */
export interface BucketLifecycleModel {
  /** Keys begin so; empty: any. */
  readonly prefix: string
  /** Days after which an object expires. */
  readonly expireDays: number | undefined
  /** Days after which a version that is no longer current is deleted. */
  readonly noncurrentDays: number | undefined
  /** Days after which an upload that was never completed is given up. */
  readonly abortUploadsDays: number | undefined
}

export interface BucketModel extends Resource {
  readonly kind: 'bucket'
  readonly versioned: boolean
  /** In their order: the first one that fits holds. */
  readonly cors: readonly BucketCorsModel[]
  readonly lifecycle: readonly BucketLifecycleModel[]
  /** Anybody may read its objects. */
  readonly public: boolean
}

export type AttributeType = 'S' | 'N' | 'B'

/** Which attributes of an item make its key. */
export interface TableKeyModel {
  /** The partition key. */
  readonly partition: string
  readonly sort: string | undefined
}

export interface TableIndexModel extends TableKeyModel {
  readonly name: string
  /** Local: it shares the table's partition key, and exists only with the table. */
  readonly local: boolean
  /** What of an item the index holds besides the keys: everything, nothing, or these attributes. */
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[]
}

/** What a table's stream tells of a change. */
export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'

export interface TableModel extends Resource {
  readonly kind: 'table'
  readonly key: TableKeyModel
  /** The types of the attributes that are in a key, the table's or an index's; of no others. */
  readonly attributes: Readonly<Record<string, AttributeType>>
  readonly indexes: readonly TableIndexModel[]
  /** The attribute that holds when an item expires, in seconds since 1970; undefined: items stay. */
  readonly ttl: string | undefined
  /** Undefined: the table has no stream. One with a trigger always has. */
  readonly stream: StreamView | undefined
  /** Capacity units that are paid for beforehand, for the table and each of its indexes; undefined: paid by request. */
  readonly provisioned: { readonly read: number; readonly write: number } | undefined
  /** It cannot be deleted until that is taken back. */
  readonly deletionProtection: boolean
  /** It can be restored to any second of the last 35 days. */
  readonly recovery: boolean
}

export interface StreamModel extends Resource {
  readonly kind: 'stream'
  /** Undefined: on demand, as many as it takes. */
  readonly shards: number | undefined
  /** Seconds, in whole hours: 86,400 to 31,536,000. */
  readonly retention: number
}

export interface BusModel extends Resource {
  readonly kind: 'bus'
}

/** A WebSocket API. The name on AWS is only for people: it is known by its id. */
export interface WebsocketModel extends Resource {
  readonly kind: 'websocket'
  /** Its id on the local cloud, and that of one that is already there; what Goblet makes on AWS gets one there. */
  readonly apiId: string
  /** The stage's name, which is the path of its URL. */
  readonly stage: string
  /** The route selection expression: what of a message names its route. */
  readonly select: string
  /** Undefined: it is called by the name that AWS gives it. */
  readonly domain: DomainModel | undefined
}

export interface SecretModel extends Resource {
  readonly kind: 'secret'
  readonly description: string
  /** How its first value is made when there is none; undefined: somebody puts it there. */
  readonly generate: GeneratedSecretModel | undefined
  /** Its value on the local cloud, where nobody has put another; never deployed. */
  readonly local: string | undefined
}

/** A random password, alone or as one key of a JSON object. */
export interface GeneratedSecretModel {
  readonly length: number
  /** Characters that it does not have. */
  readonly exclude: string
  /** The key that holds it; undefined: the secret is the password itself. */
  readonly key: string | undefined
  /** The other keys of the object. */
  readonly template: Readonly<Record<string, string>>
}

export interface ParamModel extends Resource {
  readonly kind: 'param'
  readonly description: string
  readonly type: 'String' | 'StringList' | 'SecureString'
  /** Its value wherever it is made; undefined: somebody puts it there. */
  readonly value: string | undefined
  /** Its value on the local cloud, where nobody has put another; never deployed. */
  readonly local: string | undefined
}

/** Any resource that CloudFormation makes, in its own words. The local cloud has none of it. Its name is its export's. */
export interface RawResourceModel extends Resource {
  readonly kind: 'resource'
  /** `AWS::SES::EmailIdentity`. */
  readonly type: string
  readonly properties: Readonly<Record<string, Plain>>
}

export type ResourceModel =
  | QueueModel
  | TopicModel
  | BucketModel
  | TableModel
  | StreamModel
  | BusModel
  | WebsocketModel
  | SecretModel
  | ParamModel
  | RawResourceModel

/** Who is told how something ended, or gets what could not be worked off. */
export interface DestinationModel {
  readonly kind: 'queue' | 'topic' | 'bucket' | 'bus' | 'function'
  /** The declared name of the resource; of a function the name of its FunctionModel. */
  readonly name: string
}
