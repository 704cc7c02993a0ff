// What the build tells a bundle that its app does not use (see build/features.ts); nothing of these is defined elsewhere.
// `typeof NO_FORM === 'undefined'` is then a constant, and what stands behind it leaves the bundle.
declare const NO_AUTH: true | undefined
declare const NO_BODY: true | undefined
declare const NO_COMPRESS: true | undefined
declare const NO_CORS: true | undefined
declare const NO_FORM: true | undefined
declare const NO_LOG: true | undefined
declare const NO_MESSAGES: true | undefined
declare const NO_MOUNT: true | undefined
declare const NO_REPLY: true | undefined
declare const NO_REST: true | undefined
declare const NO_SCHEMA: true | undefined
declare const NO_STREAM: true | undefined
declare const NO_TEXT: true | undefined
declare const NO_WEB: true | undefined
