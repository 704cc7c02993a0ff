import { VisitJob } from './visit-job';

export const handler = (event: { id: string }) => VisitJob.create().run(event.id);
