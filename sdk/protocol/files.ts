import type { Id } from './users.ts';

/** Body of `POST /files/urls`. */
export interface SignFiles {
  /** 1 to `LIMITS.fileUrls`. */
  ids: Id[];
}

/** Where a file is, for one session and a short time. Addresses are relative to the server. */
export interface FileUrl {
  id: Id;
  url: string;
  /** The same by the names in {@link Attachment.variants}. */
  variants: Record<string, string>;
  /** Seconds for which they hold. */
  expiresIn: number;
}

/** Answer of `POST /files/urls`: those that one may see, in no order. */
export interface FileUrls {
  items: FileUrl[];
}
