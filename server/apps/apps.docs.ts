import { appConfig } from '../openapi/auth-schemas.ts';
import { docs } from '../openapi/docs.ts';

export const appDocs = docs('App', 'What a client must know before anybody signs in.', {
  'GET /apps/:appId/config': { summary: 'Read the public settings of an app', answers: { 200: appConfig } },
});
