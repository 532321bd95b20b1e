// Files, sent and shown: nobody needs one before the first message, so they are a file of their own.
// The one that knows addresses comes before those that ask for them.
import './attachment-view.ts';
import './attachments.ts';
import './attach-view.ts';
