/**
 * What this browser keeps: the root secret, encrypted under a key that never leaves it, and plain values beside it.
 * A private window may give us a database and lose it an hour later; we can only ask, and say so.
 */

const DATABASE = "openfloor";
const PRESENT = "present";

/** The browser keeps nothing for us: storage is off or refused, or WebCrypto is missing. */
export class StorageRefused extends Error {
  constructor(cause) {
    super("storage refused", { cause });
    this.name = "StorageRefused";
  }
}

/** There is no root secret in this browser, or it can no longer be opened. */
export class NoKey extends Error {
  constructor() {
    super("no key on this device");
    this.name = "NoKey";
  }
}

/** Open this browser's store. Throws StorageRefused. */
export async function openStore() {
  try {
    if (!globalThis.crypto?.subtle) throw new Error("no WebCrypto");
    const database = await openDatabase();
    return new DeviceStore(database, await read(database, "keys", PRESENT));
  } catch (error) {
    throw error instanceof StorageRefused ? error : new StorageRefused(error);
  }
}

/** This browser's store, or null where it refuses: for pages that only remember. */
export async function storeIfAny() {
  try {
    return await openStore();
  } catch (error) {
    if (error instanceof StorageRefused) return null;
    throw error;
  }
}

class DeviceStore {
  #database;
  #kept;

  constructor(database, kept) {
    this.#database = database;
    this.#kept = kept ?? null;
  }

  /** Whose key lies here: {committee, number, handle}, or null. */
  current() {
    return this.#kept && { ...this.#kept.record };
  }

  /** The 16 bytes of the root secret. Throws NoKey. */
  async root() {
    if (!this.#kept) throw new NoKey();
    const { wrap, nonce, sealed, record } = this.#kept;
    try {
      const plain = await crypto.subtle.decrypt(sealing(nonce, record), wrap, sealed);
      return new Uint8Array(plain);
    } catch {
      throw new NoKey();
    }
  }

  /** Keep a root secret as the one key of this browser. What belonged to another member goes. */
  async saveRoot({ committee, number, handle }, root) {
    const record = { committee, number, handle };
    const wrap = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(sealing(nonce, record), wrap, root);
    const kept = { record, wrap, nonce, sealed };
    const another = this.#kept && !sameMember(this.#kept.record, record);
    await write(this.#database, (keys, values) => {
      if (another) values.clear();
      keys.put(kept, PRESENT);
    });
    this.#kept = kept;
  }

  /** Forget the key and everything kept beside it. */
  async forget() {
    await write(this.#database, (keys, values) => {
      keys.clear();
      values.clear();
    });
    this.#kept = null;
  }

  /** A value kept earlier, or undefined. */
  get(key) {
    return read(this.#database, "values", key);
  }

  /** The keys of all values kept. */
  keys() {
    return ask(this.#database, "values", (values) => values.getAllKeys());
  }

  /** Keep a plain value (text, numbers, lists, objects); resolves when it is on the disk. */
  put(key, value) {
    return write(this.#database, (_keys, values) => values.put(value, key));
  }

  /** Keep a text under the key that the root secret is kept under. Throws NoKey where there is none. */
  async putSealed(key, text) {
    if (!this.#kept) throw new NoKey();
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const { wrap, record } = this.#kept;
    const sealed = await crypto.subtle.encrypt(sealing(nonce, record, key), wrap, new TextEncoder().encode(text));
    await this.put(key, { nonce, sealed });
  }

  /** A text kept so, or undefined: also where the browser has another member's key by now, or a newer one. */
  async getSealed(key) {
    const value = await this.get(key);
    if (!value || !this.#kept) return undefined;
    const { wrap, record } = this.#kept;
    try {
      return new TextDecoder().decode(await crypto.subtle.decrypt(sealing(value.nonce, record, key), wrap, value.sealed));
    } catch {
      return undefined;
    }
  }

  /** Drop a value. */
  remove(key) {
    return write(this.#database, (_keys, values) => values.delete(key));
  }
}

/** Ask the browser not to clear this site when space runs short; false where it cannot or will not promise. */
export async function askToPersist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** Has the browser promised to keep what lies here? */
export async function isPersisted() {
  try {
    return (await navigator.storage?.persisted?.()) ?? false;
  } catch {
    return false;
  }
}

function sealing(nonce, record, key) {
  const of = key === undefined ? "" : `|${key}`;
  const owner = new TextEncoder().encode(`openfloor|device|${record.committee}|${record.number}${of}`);
  return { name: "AES-GCM", iv: nonce, additionalData: owner };
}

function sameMember(one, other) {
  return one.committee === other.committee && one.number === other.number;
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("values");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new StorageRefused());
  });
}

/** A database whose storage the browser cleared under an open page can begin nothing any more. */
function begin(database, ...how) {
  try {
    return database.transaction(...how);
  } catch (error) {
    throw new StorageRefused(error);
  }
}

function read(database, store, key) {
  return ask(database, store, (values) => values.get(key));
}

function ask(database, store, question) {
  return new Promise((resolve, reject) => {
    const request = question(begin(database, store).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new StorageRefused(request.error));
  });
}

function write(database, change) {
  return new Promise((resolve, reject) => {
    const transaction = begin(database, ["keys", "values"], "readwrite", { durability: "strict" });
    change(transaction.objectStore("keys"), transaction.objectStore("values"));
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(new StorageRefused(transaction.error));
  });
}
