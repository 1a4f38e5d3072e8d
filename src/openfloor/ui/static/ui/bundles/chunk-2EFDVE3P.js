function o(){let t=new Map;return{get:async e=>t.get(e),put:async(e,n)=>{t.set(e,n)},remove:async e=>{t.delete(e)}}}export{o as a};
