import { dispatch } from './registry';
import './members';

export const handler = (event: { action: string; id: string }) => dispatch(event.action, event);
