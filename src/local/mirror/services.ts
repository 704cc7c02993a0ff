// The services that show the app, and what it was told, rather than run it: logs, identities, parameters, secrets, and the
// reads of tools that look around.
import type { Model } from '../../model/index.ts'
import type { Clock } from '../clock.ts'
import type { AccessReport } from '../iam/access.ts'
import { functionOf } from '../iam/token.ts'
import type { Journal } from '../journal.ts'
import type { Service } from '../service.ts'
import { openApiGateway } from '../services/apigateway/index.ts'
import { openCloudFormation } from '../services/cloudformation/index.ts'
import { openIam } from '../services/iam/index.ts'
import { type Logs, openLogs } from '../services/logs/index.ts'
import { openSecretsManager, type SecretsManager } from '../services/secretsmanager/index.ts'
import { openSsm, type Ssm } from '../services/ssm/index.ts'
import { openSts } from '../services/sts/index.ts'
import type { Store } from '../store.ts'
import { toApis } from './apis.ts'
import { openFunctionLogs } from './logs.ts'
import { roleName } from './names.ts'
import { toRoles, toStack } from './stack.ts'

export interface MirrorGround {
  readonly store: Store
  readonly clock: Clock
  readonly journal: Journal
  /** The app's own port. */
  readonly gateway: { readonly url: string; readonly base: string }
  /** Undefined until an app has been read. */
  model(): Model | undefined
  /** What its functions may do. */
  permissions(): Pick<AccessReport, 'granted'>
}

export interface Mirror {
  readonly logs: Logs
  readonly parameters: Ssm
  readonly secrets: SecretsManager
  /** All of them by the name that signatures have for them. */
  readonly table: readonly (readonly [string, Service])[]
}

export function openMirror({ store, clock, journal, gateway, model, permissions }: MirrorGround): Mirror {
  const since = clock.now()
  const logs = openLogs({ store, clock }, openFunctionLogs(journal, model))
  const parameters = openSsm({ store, clock })
  const secrets = openSecretsManager({ store, clock })
  const of = <T>(read: (app: Model, address: string) => T): T | undefined => {
    const app = model()
    return app === undefined ? undefined : read(app, gateway.url + gateway.base)
  }
  const caller = (token: string): { role: string; session: string } | undefined => {
    const name = functionOf(token)
    const made = model()?.functions.find((one) => one.name === name)
    return made === undefined ? undefined : { role: roleName(made), session: made.physicalName }
  }
  const roles = () => of((app) => toRoles(app, permissions().granted)) ?? []
  const table: Mirror['table'] = [
    ['logs', logs],
    ['ssm', parameters],
    ['secretsmanager', secrets],
    ['sts', openSts({ clock, caller })],
    ['iam', openIam({ roles, since })],
    ['cloudformation', openCloudFormation({ stack: () => of(toStack), since })],
    ['apigateway', openApiGateway({ apis: () => of((app) => toApis(app, gateway)) ?? [], since })],
  ]
  return { logs, parameters, secrets, table }
}
