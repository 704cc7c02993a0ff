export { default as Store } from './store';
export { KindStore } from './kind-store';
