export * as commands from './commands';
export * as tables from './tables';
export { default } from './clients';
