// CORS as HTTP APIs and function URLs apply it by themselves.
import type { CorsModel } from '../../../model/index.ts'
import type { Properties } from '../../template.ts'

// Sources: "Configure CORS for HTTP APIs in API Gateway"; the Cors type of Lambda's API reference. Both use the same words.
export function corsConfiguration({ origins, methods, headers, expose, credentials, maxAge }: CorsModel): Properties {
  return {
    AllowOrigins: origins,
    AllowMethods: methods,
    AllowHeaders: headers,
    ...(expose.length === 0 ? {} : { ExposeHeaders: expose }),
    ...(credentials ? { AllowCredentials: true } : {}),
    ...(maxAge === undefined ? {} : { MaxAge: maxAge }),
  }
}
