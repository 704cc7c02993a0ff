// Errors that are answers: throw one in a route and the client gets its status and `{"Code","Message"}`.

/**
 * An error that is answered with its status.
 *
 * @example
 * throw new HttpError(418, 'TeapotError', 'short and stout')
 */
export class HttpError extends Error {
  /** The HTTP status, 400 to 599. */
  readonly status: number
  /** What `Code` says in the answer. */
  readonly code: string
  /** What the answer holds beside `Code` and `Message`. */
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(status: number, code: string, message = '', details?: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = code
    this.status = status
    this.code = code
    this.details = details
  }
}

type HttpErrorClass = new (message?: string) => HttpError

function define(status: number, code: string): HttpErrorClass {
  return class extends HttpError {
    constructor(message?: string) {
      super(status, code, message)
    }
  }
}

/** 400 */
export const BadRequestError: HttpErrorClass = /* @__PURE__ */ define(400, 'BadRequestError')
/** 401 */
export const UnauthorizedError: HttpErrorClass = /* @__PURE__ */ define(401, 'UnauthorizedError')
/** 403 */
export const ForbiddenError: HttpErrorClass = /* @__PURE__ */ define(403, 'ForbiddenError')
/** 404 */
export const NotFoundError: HttpErrorClass = /* @__PURE__ */ define(404, 'NotFoundError')
/** 405 */
export const MethodNotAllowedError: HttpErrorClass = /* @__PURE__ */ define(405, 'MethodNotAllowedError')
/** 408 */
export const RequestTimeoutError: HttpErrorClass = /* @__PURE__ */ define(408, 'RequestTimeoutError')
/** 409 */
export const ConflictError: HttpErrorClass = /* @__PURE__ */ define(409, 'ConflictError')
/** 410 */
export const GoneError: HttpErrorClass = /* @__PURE__ */ define(410, 'GoneError')
/** 413 */
export const PayloadTooLargeError: HttpErrorClass = /* @__PURE__ */ define(413, 'PayloadTooLargeError')
/** 415 */
export const UnsupportedMediaTypeError: HttpErrorClass = /* @__PURE__ */ define(415, 'UnsupportedMediaTypeError')
/** 422 */
export const UnprocessableEntityError: HttpErrorClass = /* @__PURE__ */ define(422, 'UnprocessableEntityError')
/** 429 */
export const TooManyRequestsError: HttpErrorClass = /* @__PURE__ */ define(429, 'TooManyRequestsError')
