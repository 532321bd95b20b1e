/** `GET /apps/:id/config`, public: what a client must know before anybody signs in. */
export interface AppConfig {
  protocol: typeof PROTOCOL;
  /** What this server can do; send an optional field only if its feature is listed. */
  features: string[];
  signIn: {
    accounts: boolean;
    guests: boolean;
    host: boolean;
    /** The server can mail links: for a new password, and to confirm an address. Missing: it cannot. */
    passwordReset?: boolean;
  };
  limits: {
    messageLength: number;
    /** Minutes for which a message can be edited; 0: never, `null`: always. Missing: never. */
    editWindowMinutes?: number | null;
    /** Bytes of an uploaded file; 0 or missing: there are no files. */
    fileBytes?: number;
  };
  /** VAPID public key for web push. */
  pushKey: string | null;
}

/** Version of this contract. It grows by adding, so it stays 1. */
export const PROTOCOL = 1;
