export { createStorage, type Storage } from './storage.js';
