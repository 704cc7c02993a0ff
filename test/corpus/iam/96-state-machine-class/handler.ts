import { Parcel } from './parcel';

const TRANSITIONS = { ship: 'onShip', refuse: 'onRefuse' } as const;

export const handler = async (event: { id: string; transition: keyof typeof TRANSITIONS }) => {
  const parcel = new Parcel(event.id);
  await parcel[TRANSITIONS[event.transition]]();
};
