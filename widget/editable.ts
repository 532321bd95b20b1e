import type { AppConfig, LocalMessage, SentMessage } from '@co-talk/sdk';

const MINUTE = 60_000;

/** Whether somebody may still change what they have written. Which messages are theirs, others decide. */
export function isEditable(
  message: LocalMessage,
  { features, limits: { editWindowMinutes = 0 } }: AppConfig,
): message is SentMessage {
  if (message.state !== 'sent' || message.deletedAt !== null || message.type === 'system') return false;
  const age = Date.now() - Date.parse(message.createdAt);
  return features.includes('edit') && (editWindowMinutes === null || age < editWindowMinutes * MINUTE);
}
