// Every operation of S3 that is answered; a further family is one more file and one more line.
import type { Operation } from '../dispatch.ts'
import { attributes } from './attributes.ts'
import { buckets } from './buckets.ts'
import { completions } from './completions.ts'
import { configurations } from './configurations.ts'
import { copies } from './copies.ts'
import { cors } from './cors.ts'
import { deletes } from './deletes.ts'
import { lifecycle } from './lifecycle.ts'
import { lists } from './lists.ts'
import { notifications } from './notifications.ts'
import { parts } from './parts.ts'
import { posts } from './posts.ts'
import { reads } from './reads.ts'
import { tagging } from './tagging.ts'
import { uploads } from './uploads.ts'
import { versions } from './versions.ts'
import { writes } from './writes.ts'

export const operations: readonly Operation[] = [
  ...buckets,
  ...lists,
  ...reads,
  ...writes,
  ...copies,
  ...deletes,
  ...uploads,
  ...completions,
  ...parts,
  ...versions,
  ...tagging,
  ...attributes,
  ...cors,
  ...notifications,
  ...posts,
  ...lifecycle,
  ...configurations,
]
