// The door of the build room: from the user's code to a description of the app and one bundle per function.
export { type Build, type Given, openBuild } from './build.ts'
export type { Bundled, BundleRequest, BundleWarning, FunctionBundle, ShippedFile } from './bundle.ts'
export type { Hosted } from './hosted.ts'
export { type ContextFile, type ImageContext, toImageContext } from './image.ts'
export type { PackedPackage } from './native.ts'
export { openPacker, type Packable, type Packed, type PackedFile, type Packer } from './pack.ts'
export type { Platform } from './platform.ts'
export { type ZipFile, type Zipped, zip } from './zip.ts'
