var o="openfloor-worker",r=null;function c(t){return globalThis.trustedTypes?(r??(r=globalThis.trustedTypes.createPolicy(o,{createScriptURL:e=>e})),r.createScriptURL(t)):t}export{c as a};
