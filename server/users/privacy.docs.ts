import { docs } from '../openapi/docs.ts';
import { erasureReport, userExport } from '../openapi/privacy-schemas.ts';

const EXPORT_NOTES =
  'One JSON file of one moment: profile, picture, devices, friends, requests, blocks, rooms with read markers, and the messages that the person has written. What others wrote is not in it.';
const ERASE_NOTES =
  'The profile, the devices and the picture are gone with the answer; friendships, memberships and the texts of messages in batches, which go on by themselves where the answer is 202. Messages keep their place, as deleted ones of a user of kind `deleted`.';

export const privacyDocs = docs('Privacy', 'What is kept of a person: to be had, and to be removed.', {
  'GET /me/export': { summary: 'Export everything of oneself', notes: EXPORT_NOTES, answers: { 200: userExport } },
  'DELETE /me': {
    summary: 'Erase oneself',
    notes: `Accounts confirm with their password. ${ERASE_NOTES}`,
    answers: { 200: erasureReport, 202: erasureReport },
    body: { name: 'EraseMe', example: { password: 'kettle-on-the-hob' } },
  },
  'GET /admin/apps/:appId/users/:userId/export': {
    summary: 'Export everything of a user',
    notes: EXPORT_NOTES,
    answers: { 200: userExport },
  },
  'DELETE /admin/apps/:appId/users/:userId': {
    summary: 'Erase a user',
    notes: `${ERASE_NOTES} Asking again tells how far it is.`,
    answers: { 200: erasureReport, 202: erasureReport },
  },
});
