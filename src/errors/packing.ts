// What may be wrong with what a function is shipped as: a part of the catalogue in ../errors.ts.
import { saying } from './saying.ts'

export const packing = {
  GOBLET_NATIVE_PACKAGE: saying<{ what: string; platform: string; problems: readonly string[] }>(
    ({ what, platform, problems }) =>
      `${what} needs compiled code that Lambda (${platform}) could not run: ${[problems].flat().join('; ')}.`,
    () =>
      'Use a version that brings compiled code for that platform, name the package in `external` and bring it in a layer, or give the function a container image (`image`).',
  ),
  GOBLET_NATIVE_FETCH: saying<{ packages: string; problem: string }>(
    ({ packages, problem }) => `npm could not fetch ${packages} for Lambda’s platform: ${problem}`,
    () =>
      'Try again where the registry can be reached. What was fetched once is kept in .goblet/native; a platform’s packages that are in node_modules already are taken from there.',
  ),
  GOBLET_TOO_LARGE: saying<{ what: string; size: string; limit: string; largest: string }>(
    ({ what, size, limit, largest }) =>
      `${what} takes ${size} unzipped, where Lambda allows ${limit}, its layers among them. The largest: ${largest}.`,
    () =>
      'Import less of it, give the part that needs it a function of its own (`isolate: true`), or give the function a container image (`image`), which may take 10 GB.',
  ),
}
