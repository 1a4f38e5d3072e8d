/** What a page remembers where nothing may be kept: gone when the page closes. */

export function memory() {
  const values = new Map();
  return {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
    remove: async (key) => void values.delete(key),
  };
}
